"""The foreign project's own API."""

from rest_framework import generics, serializers

from library.models import Book


class BookSerializer(serializers.ModelSerializer):
    """A book."""

    class Meta:
        model = Book
        fields = ("isbn", "title", "list_price")


class BookList(generics.ListCreateAPIView):
    """The books."""

    queryset = Book.objects.order_by("isbn")
    serializer_class = BookSerializer
